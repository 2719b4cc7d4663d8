print("Hello from Connect")
