"""Which caught exceptions carry text that nobody wrote for a reader outside."""

from __future__ import annotations

BROAD = frozenset(
    """Exception BaseException OSError IOError EnvironmentError RuntimeError ConnectionError SystemError ImportError
    MemoryError SQLAlchemyError DatabaseError OperationalError
    ProgrammingError IntegrityError PyMongoError RedisError ClientError BotoCoreError RequestException HTTPError
    RpcError GoogleAPIError AzureError CalledProcessError SubprocessError OpenAIError APIError""".split()
)
"""Catch-alls, and the errors of transports, databases and interpreters: their text names hosts, paths and queries."""


BROAD_PATHS = frozenset(
    """sqlite3.Error psycopg.Error psycopg2.Error pymysql.err.Error pymysql.Error mysql.connector.Error
    sqlalchemy.exc.DBAPIError sqlalchemy.exc.InterfaceError aiohttp.ClientError urllib.error.URLError""".split()
)
"""Errors of the same kind whose last name alone says too little."""


HANDLED = "handled"
"""The trait of an error of the project's own as a whole, in the function that a framework hands it to."""


def kind_of(paths: tuple[str, ...]) -> str:
    """The source kind of an exception caught as one of these types; no type at all is a bare `except`."""
    if not paths or any(path.rsplit(".", 1)[-1] in BROAD or path in BROAD_PATHS for path in paths):
        return "exception"
    return "narrow-exception"
