# Shows that its encrypted environment variable can still be read, without showing the value.
import hashlib
import os

password = os.environ["WAREHOUSE_PASSWORD"]
print("password digest:", hashlib.sha256(password.encode()).hexdigest())
