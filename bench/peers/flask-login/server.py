"""Flask-Login with sessions that the server can end: an "alternative token" that is looked up in SQLite.

usage: FOLDER=... PEOPLE=... SESSIONS=... gunicorn server:app
"""

import hashlib
import os
import secrets
import sqlite3
import threading

from flask import Flask, jsonify
from flask_login import LoginManager, UserMixin, current_user, login_user

folder = os.environ["FOLDER"]
file = os.path.join(folder, "flask-login.sqlite")
local = threading.local()

app = Flask(__name__)
app.secret_key = secrets.token_bytes(32)
login_manager = LoginManager(app)


def connect():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(file)
        local.connection.execute("PRAGMA synchronous = FULL")
    return local.connection


def hash_token(token):
    return hashlib.sha256(token.encode()).hexdigest()


class User(UserMixin):
    def __init__(self, token, name, email):
        self.token = token
        self.name = name
        self.email = email

    def get_id(self):
        return self.token


@login_manager.user_loader
def load_user(token):
    found = connect().execute(
        "SELECT users.name, users.email FROM sessions JOIN users ON users.id = sessions.user_id"
        " WHERE sessions.token_hash = ? AND sessions.expires_at > unixepoch()",
        (hash_token(token),),
    )
    row = found.fetchone()
    return User(token, *row) if row else None


@app.get("/session")
def session():
    if not current_user.is_authenticated:
        return jsonify(None)
    return jsonify({"user": {"name": current_user.name, "email": current_user.email}})


def prepare():
    """Makes the people and their sessions, and writes the cookies that browsers would have."""
    connection = connect()
    connection.executescript(
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT UNIQUE);"
        "CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, user_id INTEGER, expires_at INTEGER);"
    )
    people = int(os.environ["PEOPLE"])
    users = [(index + 1, "Bench", f"person-{index}@bench.example") for index in range(people)]
    connection.executemany("INSERT INTO users VALUES (?, ?, ?)", users)
    tokens = [secrets.token_urlsafe(32) for _ in range(int(os.environ["SESSIONS"]))]
    connection.executemany(
        "INSERT INTO sessions VALUES (?, ?, unixepoch() + 86400)",
        [(hash_token(token), index % people + 1) for index, token in enumerate(tokens)],
    )
    connection.commit()
    serializer = app.session_interface.get_signing_serializer(app)
    cookies = []
    for token in tokens:
        # Flask-Login binds a session to the address and the name of the browser.
        with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}, headers={"User-Agent": "bench"}) as context:
            login_user(User(token, "", ""))
            cookies.append(f"session={serializer.dumps(dict(context.session))}")
    with open(os.path.join(folder, "cookies.txt"), "w") as out:
        out.write("\n".join(cookies))


prepare()
