enum PlaceholderAuthDB {}
