//! The entries of one thread folded into owner, window, waiting, assignee, status and version; shared by relay and desk.
