# Runs by schedule too; its result is mailed.
print("Weekly report: all is well")
