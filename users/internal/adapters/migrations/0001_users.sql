-- Accounts as they are. A username is kept in small letters; email_key is the e-mail address in small letters.
CREATE TABLE users (
  user_id       uuid PRIMARY KEY,
  username      text NOT NULL CONSTRAINT users_username_key UNIQUE,
  email         text NOT NULL,
  email_key     text NOT NULL CONSTRAINT users_email_key UNIQUE,
  password_hash text NOT NULL,
  status        text NOT NULL,
  roles         text[] NOT NULL,
  registered_at timestamptz NOT NULL,
  version       bigint NOT NULL
);
CREATE INDEX users_who_operate ON users (user_id) WHERE 'operator' = ANY (roles) AND status = 'enabled';

-- A session is one sign-in; its refresh tokens follow one another, each used once. Of a token its SHA-256 is kept.
CREATE TABLE sessions (
  session_id uuid PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users,
  started_at timestamptz NOT NULL,
  revoked    boolean NOT NULL DEFAULT false
);
CREATE INDEX sessions_of_user ON sessions (user_id) WHERE NOT revoked;

CREATE TABLE refresh_tokens (
  digest     text PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  issued_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used       boolean NOT NULL DEFAULT false
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_end ON refresh_tokens (expires_at);

-- The keys that sign access tokens. The highest generation signs; the public halves of all are published. Whoever can read this table can
-- be anybody: the database's role is the service's alone.
CREATE TABLE signing_keys (
  generation  integer PRIMARY KEY,
  private_jwk text NOT NULL,
  made_at     timestamptz NOT NULL DEFAULT now()
);
