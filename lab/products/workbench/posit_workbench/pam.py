"""Asks PAM whether a name and password belong together, through the system's own library."""
import ctypes
import ctypes.util

SERVICE = b"rstudio"
PROMPT_ECHO_OFF, PROMPT_ECHO_ON = 1, 2


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class Answer(ctypes.Structure):
    _fields_ = [("text", ctypes.c_void_p), ("code", ctypes.c_int)]


CONVERSATION = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_int, ctypes.POINTER(ctypes.POINTER(Message)), ctypes.POINTER(ctypes.POINTER(Answer)), ctypes.c_void_p
)


class Conversation(ctypes.Structure):
    _fields_ = [("function", CONVERSATION), ("data", ctypes.c_void_p)]


def _libraries():
    libc = ctypes.CDLL(None)
    libc.calloc.restype = ctypes.c_void_p
    libc.calloc.argtypes = [ctypes.c_size_t, ctypes.c_size_t]
    libc.strdup.restype = ctypes.c_void_p
    libc.strdup.argtypes = [ctypes.c_char_p]
    libpam = ctypes.CDLL("libpam.so.0")
    libpam.pam_start.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.POINTER(Conversation), ctypes.POINTER(ctypes.c_void_p)]
    for name in ("pam_authenticate", "pam_acct_mgmt", "pam_end"):
        getattr(libpam, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
    return libc, libpam


def authenticates(username, password):
    """True when PAM accepts both the password and the account."""
    libc, libpam = _libraries()

    def converse(count, messages, answers, _):
        array = libc.calloc(count, ctypes.sizeof(Answer))  # PAM frees it
        answers[0] = ctypes.cast(array, ctypes.POINTER(Answer))
        for i in range(count):
            if messages[i].contents.style in (PROMPT_ECHO_OFF, PROMPT_ECHO_ON):
                answers[0][i].text = libc.strdup(password.encode())
        return 0

    conversation = Conversation(CONVERSATION(converse), None)
    handle = ctypes.c_void_p()
    if libpam.pam_start(SERVICE, username.encode(), ctypes.byref(conversation), ctypes.byref(handle)) != 0:
        return False
    result = libpam.pam_authenticate(handle, 0)
    if result == 0:
        result = libpam.pam_acct_mgmt(handle, 0)
    libpam.pam_end(handle, result)
    return result == 0
