# Needs a package compiled for the interpreter that runs it.
import xxhash

print("fingerprint of 'posit':", xxhash.xxh64(b"posit").hexdigest())
