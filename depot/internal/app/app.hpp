#pragma once
// What depot can do: its commands and queries, each in its own file. The handlers work in a unit of work that is passed to them
// (messages bring their own); Application opens one for calls that come from outside, and for the work on the floor.

#include "depot/internal/app/commands/assign_shopping_list.hpp"
#include "depot/internal/app/commands/cancel_order.hpp"
#include "depot/internal/app/commands/cancel_shopping_list.hpp"
#include "depot/internal/app/commands/complete_shopping_list.hpp"
#include "depot/internal/app/commands/create_shopping_list.hpp"
#include "depot/internal/app/commands/initiate_shopping.hpp"
#include "depot/internal/app/commands/register_bot.hpp"
#include "depot/internal/app/commands/work_floor.hpp"
#include "depot/internal/app/ports.hpp"
#include "depot/internal/app/queries/get_shopping_list.hpp"
#include "depot/internal/app/queries/list_bots.hpp"
#include "depot/internal/app/queries/list_shopping_lists.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace depot::app {

/// Everything that the application needs; all of it but the pace outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  ShoppingListStore& lists;
  BotStore& bots;
  StoreCache& stores;
  StoreDirectory& directory;
  ShoppingListNews& news;
  Floor& floor;
  const pkg::clock::Clock& clock;
  Pace pace;
};

class Application {
 public:
  explicit Application(const Needs& needs);
  Application(const Application&) = delete;  // the handlers refer to changes_ here
  Application& operator=(const Application&) = delete;

  // For messages: in the unit of work of the message.
  Changed create_shopping_list(pkg::uow::UnitOfWork& unit, const CreateShoppingList& command) const { return create_list_(unit, command); }
  Changed initiate_shopping(pkg::uow::UnitOfWork& unit, const InitiateShopping& command) const { return initiate_(unit, command); }
  Changed cancel_order(pkg::uow::UnitOfWork& unit, const CancelOrder& command) const { return cancel_order_(unit, command); }
  void learn(pkg::uow::UnitOfWork& unit, const StoreFact& fact) const { needs_.stores.learn(unit, fact); }

  // For calls from outside: each in a unit of its own.
  Changed assign_shopping_list(const pkg::uow::Cause& cause, const AssignShoppingList& command) const;
  Changed complete_shopping_list(const pkg::uow::Cause& cause, const CompleteShoppingList& command) const;
  Changed cancel_shopping_list(const pkg::uow::Cause& cause, const CancelShoppingList& command) const;
  /// Asks stores for locations that no event has told of yet; those that it does not get are empty.
  Changed get_shopping_list(const pkg::uow::Cause& cause, const GetShoppingList& query) const;
  pkg::errors::Result<pkg::paging::Slice<domain::ShoppingList>> list_shopping_lists(const pkg::uow::Cause& cause,
                                                                                    const ListShoppingLists& query) const;
  pkg::errors::Result<> register_bot(const pkg::uow::Cause& cause, const RegisterBot& command) const;
  pkg::errors::Result<pkg::paging::Slice<domain::Bot>> list_bots(const pkg::uow::Cause& cause, const ListBots& query) const;

  // For the floor's worker.
  /// Registers `count` bots named bot-1, bot-2 … where there is no bot at all.
  pkg::errors::Result<> register_initial_bots(const pkg::uow::Cause& cause, int count, pkg::ids::IdSource& ids) const;
  /// See WorkFloorHandler.
  pkg::errors::Result<std::optional<pkg::clock::TimePoint>> work_floor(const pkg::uow::Cause& cause, const WorkFloor& command) const;

 private:
  /// Whether stores told anything new.
  bool learn_of(const pkg::uow::Cause& cause, const std::vector<domain::StoreId>& stores) const;

  Needs needs_;
  ShoppingListChanges changes_;
  CreateShoppingListHandler create_list_;
  InitiateShoppingHandler initiate_;
  CancelOrderHandler cancel_order_;
  AssignShoppingListHandler assign_list_;
  CompleteShoppingListHandler complete_list_;
  CancelShoppingListHandler cancel_list_;
  GetShoppingListHandler get_list_;
  ListShoppingListsHandler list_lists_;
  RegisterBotHandler register_bot_;
  ListBotsHandler list_bots_;
  WorkFloorHandler work_floor_;
};

}  // namespace depot::app
