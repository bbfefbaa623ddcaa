proc theAnswer*(): int =
  6 * 7
