-- Every piece that ever came in, so that the books can be checked: on_hand = received - committed. Null where the stock is unlimited.
ALTER TABLE product_stock ADD COLUMN received bigint;
UPDATE product_stock stock SET received = on_hand + coalesce((
  SELECT sum(quantity)::bigint FROM reservation_lines JOIN reservations USING (order_id)
  WHERE status = 'committed' AND product_id = stock.product_id), 0);
