/** The tables of `index.sqlite`. A change here raises the version: an index of another one is made anew. */

export const indexVersion = 1;

/**
 * A title is the text of seq -1. Three letters in a row are what is searched by (trigrams), so parts of words are found,
 * and words in scripts that put no spaces between them.
 */
export const indexSchema = `
BEGIN;
DROP TABLE IF EXISTS words;
DROP TABLE IF EXISTS texts;
DROP TABLE IF EXISTS conversations;
CREATE TABLE conversations (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  execution_status TEXT NOT NULL,
  last_seq INTEGER NOT NULL,
  texts_up_to INTEGER NOT NULL,
  metadata TEXT NOT NULL
);
CREATE INDEX by_creation ON conversations (created_at, id);
CREATE INDEX by_update ON conversations (updated_at, id);
CREATE INDEX by_status ON conversations (execution_status);
CREATE TABLE texts (
  number INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (conversation, seq)
);
CREATE VIRTUAL TABLE words USING fts5 (
  text, content = 'texts', content_rowid = 'number', tokenize = 'trigram remove_diacritics 1'
);
CREATE TRIGGER text_came AFTER INSERT ON texts BEGIN
  INSERT INTO words (rowid, text) VALUES (new.number, new.text);
END;
CREATE TRIGGER text_went AFTER DELETE ON texts BEGIN
  INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
END;
PRAGMA user_version = ${indexVersion};
COMMIT;
`;
