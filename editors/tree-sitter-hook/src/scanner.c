/*
 * Finds the line breaks that end an entry, and the texts of strings.
 *
 * The grammar takes a line's end only where an entry is complete and no bracket is open. What is left to decide is whether
 * the next line goes on with the entry: it does when it begins with an operator or with a word that no entry begins with;
 * comments and empty lines between do not count. Where an entry is not complete, but the next line can only be another
 * one, the line's end is found all the same: so a mistake stays in its entry, and the parser supplies what is missing.
 *
 * A line's end is one line break. The scanner keeps no state.
 */
#include "tree_sitter/parser.h"

#include <string.h>
#include <wctype.h>

enum TokenType {
  LINE_END,
  DOUBLE,
  SINGLE,
  TRIPLE_DOUBLE,
  TRIPLE_SINGLE,
  RAW_DOUBLE,
  RAW_SINGLE,
  RAW_TRIPLE_DOUBLE,
  RAW_TRIPLE_SINGLE,
  BETWEEN,
};

/* The longest word that is looked for has seven letters; one more is the zero behind it. */
#define WORD_SIZE 8

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

static bool is_space(int32_t c) { return is_blank(c) || c == '\n'; }

static bool is_word(int32_t c) { return c == '_' || c >= 0x80 || iswalnum((wint_t)c); }

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static void skip_spaces(TSLexer *lexer) {
  while (is_space(lexer->lookahead)) advance(lexer);
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

/* A text up to the next quote, hole (`${`) or escape (a backslash, `$${`). */
static bool scan_text(TSLexer *lexer, int32_t quote, bool triple, bool raw) {
  bool found = false;
  while (!lexer->eof(lexer)) {
    int32_t c = lexer->lookahead;
    lexer->mark_end(lexer);
    if (c == '\n' && !triple) return found;
    if (c == '\\' && !raw) return found;
    if (c == '$' && !raw) {
      advance(lexer);
      if (lexer->lookahead == '{') return found;
      if (!found) lexer->mark_end(lexer);
      if (lexer->lookahead == '$') {
        advance(lexer);
        if (lexer->lookahead == '{') return found;
        /* Of a row of them the last two count, so one is taken at a time. */
        if (lexer->lookahead == '$') return true;
      }
    } else if (c == quote) {
      if (!triple) return found;
      advance(lexer);
      if (lexer->lookahead == quote) {
        advance(lexer);
        if (lexer->lookahead == quote) return found;
      }
    } else {
      advance(lexer);
    }
    found = true;
  }
  lexer->mark_end(lexer);
  return found;
}

/* The kind of text that can stand here, or none; while a mistake is recovered from all of them could. */
static enum TokenType text_here(const bool *valid) {
  enum TokenType found = LINE_END;
  for (enum TokenType kind = DOUBLE; kind <= RAW_TRIPLE_SINGLE; kind++) {
    if (!valid[kind]) continue;
    if (found != LINE_END) return LINE_END;
    found = kind;
  }
  return found;
}

static bool scan_string(TSLexer *lexer, enum TokenType kind) {
  int32_t quote = (kind - DOUBLE) % 2 == 0 ? '"' : '\'';
  bool triple = kind == TRIPLE_DOUBLE || kind == TRIPLE_SINGLE || kind >= RAW_TRIPLE_DOUBLE;
  lexer->result_symbol = kind;
  if (scan_text(lexer, quote, triple, kind >= RAW_DOUBLE)) return true;
  if (triple || lexer->lookahead != '\n') return false;
  /* The quote is missing. */
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = LINE_END;
  return true;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* Words that go on behind a value: no entry begins with one, and no name is called so. */
static const char *const clauses[] = {
  "when", "after", "with", "run", "modify", "require", "fail", "warn", "in", "for", "on", "as", "from", "where",
  /* These are names too, but none that another word or a number follows. */
  "else", "backoff", "max", "mock",
};
/* So many of them go on with the line before; `for` if it is that of `for x in`. */
enum { CONTINUING = 9, FOR = CONTINUING, CLAUSES = sizeof(clauses) / sizeof(clauses[0]) };

/* Reads a word and tells which clause it is, or that it is none. What is too long is cut off, and then equal to none. */
static unsigned read_clause(TSLexer *lexer) {
  char word[WORD_SIZE];
  unsigned length = 0, clause = 0;
  for (; is_word(lexer->lookahead); advance(lexer), length++) {
    if (length < WORD_SIZE) word[length] = lexer->lookahead < 0x80 ? (char)lexer->lookahead : '?';
  }
  word[length < WORD_SIZE ? length : 0] = '\0';
  while (clause < CLAUSES && strcmp(word, clauses[clause]) != 0) clause++;
  return clause;
}

/* What a line begins with, as far as it decides. */
enum Line { GOES_ON, BEGINS_ENTRY, UNDECIDED };

static enum Line line_of_word(TSLexer *lexer) {
  unsigned clause = read_clause(lexer);
  if (clause < CONTINUING) return GOES_ON;
  bool apart = is_blank(lexer->lookahead);
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (clause == FOR) {
    read_clause(lexer);
    skip_spaces(lexer);
    return strcmp(clauses[read_clause(lexer) % CLAUSES], "in") == 0 ? GOES_ON : UNDECIDED;
  }
  /* No expression has two words in a row, or a word before a number or a string. */
  if (clause < CLAUSES || !apart) return UNDECIDED;
  if (lexer->lookahead == '"' || lexer->lookahead == '\'') return BEGINS_ENTRY;
  return is_word(lexer->lookahead) && read_clause(lexer) == CLAUSES ? BEGINS_ENTRY : UNDECIDED;
}

static enum Line line_of_sign(TSLexer *lexer) {
  int32_t first = lexer->lookahead;
  switch (first) {
    case '<':
    case '>':
    case '+':
    case '-':
    case '*':
    case '%':
    case '?':
    case ':':
      return GOES_ON;
    case '&':
    case '|':
    case '=':
    case '!':
      advance(lexer);
      return lexer->lookahead == (first == '&' || first == '|' ? first : '=') ? GOES_ON : UNDECIDED;
    default:
      return UNDECIDED;
  }
}

/* Looks at the next line that is no comment. */
static enum Line next_line(TSLexer *lexer) {
  for (;;) {
    skip_spaces(lexer);
    if (is_word(lexer->lookahead)) return line_of_word(lexer);
    if (lexer->lookahead != '/') return line_of_sign(lexer);
    advance(lexer);
    if (lexer->lookahead != '/') return GOES_ON;
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
  }
}

static bool scan_line_end(TSLexer *lexer, bool complete) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead != '\n') return false;
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = LINE_END;
  enum Line line = next_line(lexer);
  return complete ? line != GOES_ON : line == BEGINS_ENTRY;
}

bool tree_sitter_hook_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  enum TokenType text = text_here(valid_symbols);
  if (text != LINE_END) return scan_string(lexer, text);
  if (valid_symbols[BETWEEN] && !valid_symbols[LINE_END]) return false;
  return scan_line_end(lexer, valid_symbols[LINE_END]);
}

void *tree_sitter_hook_external_scanner_create(void) { return NULL; }

void tree_sitter_hook_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_hook_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_hook_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
