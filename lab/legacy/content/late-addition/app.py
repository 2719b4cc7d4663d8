# Published after the first capture: absent from the rehearsal restore, present after the cutover.
print("Published late")
