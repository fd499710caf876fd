-- Where the parcels are that are on their way. The parcels themselves are in the event store.
CREATE TABLE whereabouts (
  parcel_id uuid PRIMARY KEY,
  place     text NOT NULL
);
CREATE INDEX whereabouts_by_place ON whereabouts (place, parcel_id);
