"""What Schemathesis leaves out (https://schemathesis.readthedocs.io/en/stable/reference/hooks/)."""

import schemathesis


@schemathesis.hook
def filter_path_parameters(context, path_parameters):
    """MiniStack matches the distribution's path patterns against the decoded path, and no pattern matches a line feed."""
    # They come as they will be in the address, or as they were made up, according to what makes them.
    values = [str(value).upper() for value in (path_parameters or {}).values()]
    return not any(mark in value for value in values for mark in ("\n", "%0A"))
