enum PlaceholderAuthTesting {}
