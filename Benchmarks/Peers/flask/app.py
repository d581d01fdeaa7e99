#!/usr/bin/env python3
"""The service that swift-auth's specification describes, as it describes it: Flask, SQLAlchemy, bcrypt."""
from typing import Optional

from flask import Flask, Response, abort, jsonify, redirect, request

from auth import Auth

app = Flask(__name__)
AUTH = Auth()


@app.teardown_appcontext
def close(_: Optional[BaseException]) -> None:
    """End what the request has open in the database."""
    AUTH.close()


@app.get("/")
def index() -> Response:
    """Say hello."""
    return jsonify({"message": "Bienvenue"})


@app.post("/users")
def users() -> tuple[Response, int]:
    """Register an account."""
    email = request.form["email"]
    try:
        AUTH.register_user(email, request.form["password"])
    except ValueError:
        return jsonify({"message": "email already registered"}), 400
    return jsonify({"email": email, "message": "user created"}), 200


@app.post("/sessions")
def login() -> Response:
    """Begin a session and set its cookie."""
    email = request.form["email"]
    if not AUTH.valid_login(email, request.form["password"]):
        abort(401)
    response = jsonify({"email": email, "message": "logged in"})
    response.set_cookie("session_id", AUTH.create_session(email))
    return response


@app.delete("/sessions")
def logout() -> Response:
    """End the session of the cookie."""
    user = AUTH.get_user_from_session_id(request.cookies.get("session_id"))
    if user is None:
        abort(403)
    AUTH.destroy_session(user.id)
    return redirect("/")


@app.get("/profile")
def profile() -> Response:
    """Tell whose session the cookie is."""
    user = AUTH.get_user_from_session_id(request.cookies.get("session_id"))
    if user is None:
        abort(403)
    return jsonify({"email": user.email})


@app.post("/reset_password")
def get_reset_password_token() -> Response:
    """Give a token for a new password."""
    email = request.form["email"]
    try:
        return jsonify({"email": email, "reset_token": AUTH.get_reset_password_token(email)})
    except ValueError:
        abort(403)


@app.put("/reset_password")
def update_password() -> Response:
    """Set a new password with a token."""
    try:
        AUTH.update_password(request.form["reset_token"], request.form["new_password"])
    except ValueError:
        abort(403)
    return jsonify({"email": request.form["email"], "message": "Password updated"})


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
