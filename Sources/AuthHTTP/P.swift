import Hummingbird
enum PlaceholderH {}
