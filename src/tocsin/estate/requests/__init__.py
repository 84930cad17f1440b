"""How the network behaves: which Service Requests are sent when, how long they take and how they end."""
