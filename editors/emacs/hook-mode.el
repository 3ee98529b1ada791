;;; hook-mode.el --- Editing Hook files  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, indentation and an index for `.hook' files, and the language server `hookc lsp' for Eglot (`M-x eglot').

;;; Code:

(defgroup hook nil
  "The Hook language."
  :group 'languages)

(defcustom hook-indent-offset 2
  "How many columns one step of indentation has."
  :type 'integer
  :safe #'integerp)

(defvar eglot-server-programs)

;;;; Syntax: comments, and strings whose holes hold strings again

(defvar hook-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "w" table)
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    ;; Where a string begins and ends is decided by `hook--syntax-propertize'.
    (modify-syntax-entry ?\" "." table)
    (modify-syntax-entry ?\' "." table)
    (modify-syntax-entry ?\\ "." table)
    (dolist (sign '(?+ ?- ?* ?% ?< ?> ?= ?! ?& ?| ?? ?: ?, ?. ?$))
      (modify-syntax-entry sign "." table))
    table)
  "What each character is in `hook-mode'.")

(defconst hook--quote "[rR]?\\(\"\"\"\\|'''\\|[\"']\\)"
  "The beginning of a string.")

(defun hook--raw-string-p (start)
  "Whether the string whose first quote is at START knows no escapes and holes."
  (or (memq (char-before start) '(?r ?R))
      (save-excursion
        (goto-char start)
        (skip-chars-backward " \t\r\n")
        (looking-back "\\_<shell" (max (point-min) (- (point) 6))))))

(defun hook--skip-hole ()
  "Move past the `}' of the hole whose inside begins at point."
  (let ((depth 1))
    (while (and (> depth 0) (re-search-forward (concat "[{}]\\|" hook--quote) nil 'end))
      (pcase (char-before)
        (?{ (setq depth (1+ depth)))
        (?} (setq depth (1- depth)))
        (_ (goto-char (match-beginning 1))
           (hook--skip-string))))))

(defun hook--skip-string ()
  "Move past the string whose first quote is at point."
  (let* ((raw (hook--raw-string-p (point)))
         (quote (if (looking-at "\"\"\"\\|'''") (match-string 0) (string (char-after))))
         (end (if (= (length quote) 3) nil "\n"))
         (stop (concat (regexp-quote quote) (unless raw "\\|\\\\.\\|\\$\\${\\|\\${") (when end "\\|\n")))
         (inside t))
    (forward-char (length quote))
    (while (and inside (re-search-forward stop nil 'end))
      (let ((found (match-string 0)))
        (cond ((equal found "${") (hook--skip-hole))
              ((equal found "\n") (backward-char) (setq inside nil))
              ((equal found quote) (setq inside nil)))))))

(defun hook--syntax-propertize (start end)
  "Mark the strings between START and END."
  (goto-char start)
  (while (and (< (point) end) (re-search-forward (concat "//\\|" hook--quote) end t))
    (if (not (match-beginning 1))
        (forward-line 1)
      (let ((first (match-beginning 1)))
        (goto-char first)
        (hook--skip-string)
        (put-text-property first (1+ first) 'syntax-table (string-to-syntax "|"))
        (put-text-property first (point) 'syntax-multiline t)
        (when (> (point) (1+ first))
          (put-text-property (1- (point)) (point) 'syntax-table (string-to-syntax "|")))))))

;;;; Colours

(defconst hook--start "\\(?:^\\|{\\)[ \t]*"
  "Where an entry can begin.")

(defvar hook-font-lock-keywords
  (let ((name "\\([[:alpha:]_][[:alnum:]_]*\\)"))
    `((,(concat hook--start "\\(component\\|agent\\|condition\\|job\\|hook\\)[ \t]+" name)
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(concat hook--start "\\(enum\\|record\\)[ \t]+" name)
       (1 font-lock-keyword-face) (2 font-lock-type-face))
      (,(concat hook--start "\\(const\\|connection\\|profile\\|op\\|trigger\\)[ \t]+" name)
       (1 font-lock-keyword-face) (2 font-lock-variable-name-face))
      (,(concat hook--start (regexp-opt '("import" "test" "each op" "each job" "given" "expect") t) "\\_>")
       (1 font-lock-keyword-face))
      ;; Settings: a word and what it sets.
      (,(concat hook--start "\\([a-z_]+\\)\\(?:[ \t]+[][\"'{(.[:alnum:]_-]\\|[ \t]*\\(?:$\\|}\\)\\)")
       (1 font-lock-keyword-face))
      ("\\_<on[ \t]+\\([a-z_]+\\)" (1 font-lock-constant-face))
      (,(concat "\\(?:^\\|[^.[:alnum:]_]\\)"
                (regexp-opt '("when" "run" "modify" "require" "fail" "warn" "after" "for" "on" "where" "with" "in" "as"
                              "from")
                            t)
                "\\_>[ \t]*\\(?:[^:[:blank:]]\\|$\\)")
       (1 font-lock-keyword-face))
      (,(concat "[^.[:alnum:]_]"
                (regexp-opt '("backoff" "max" "else" "any" "each" "not" "then" "retrying" "mock" "profile" "source") t)
                "[ \t]+[[:alnum:]_(]")
       (1 font-lock-keyword-face))
      (,(concat "[:<,][ \t]*"
                (regexp-opt '("bool" "int" "float" "string" "duration" "timestamp" "path" "uri" "secret" "json" "list" "map")
                            t)
                "\\_>")
       (1 font-lock-type-face))
      ("\\_<\\(?:true\\|false\\|null\\)\\_>" . font-lock-constant-face)
      ("\\_<\\(inputs\\|outputs\\|op\\|job\\|error\\|event\\|payload\\|output\\|tool\\|session\\|user\\|agent\\|hook\\)\\."
       (1 font-lock-builtin-face))
      ("^[ \t]*\\(///\\(?:[^/\n].*\\)?\\)$" (1 font-lock-doc-face t))))
  "What gets which colour in `hook-mode'.")

;;;; Indentation

(defconst hook--clause
  (regexp-opt '("when" "after" "for" "with" "run" "modify" "require" "fail" "warn" "in" "where") 'symbols)
  "Words that belong to the line before.")

(defconst hook--operator "->\\|&&\\|||\\|[=!]=\\|[<>+*%?:-]\\|/[^/]"
  "Signs that belong to the line before.")

(defun hook--previous-line ()
  "Move to the first character of the line of code before; whether there is one."
  (let ((found nil))
    (while (and (not found) (zerop (forward-line -1)) (not (and (bobp) (eobp))))
      (back-to-indentation)
      (let ((state (save-excursion (syntax-ppss))))
        (when (nth 3 state)
          (goto-char (nth 8 state))
          (back-to-indentation))
        (setq found (not (or (eolp) (looking-at "//"))))))
    found))

(defun hook--goes-on-p ()
  "Whether the line at point belongs to the one before."
  (cond ((looking-at "on\\_>")
         (save-excursion
           (and (hook--previous-line)
                (looking-at "hook\\_>\\|for[ \t]+\\(?:op\\|job\\|agent\\)\\_>\\|->")
                (not (string-match-p "\\_<on\\_>" (buffer-substring (point) (line-end-position)))))))
        ((or (looking-at hook--clause) (looking-at hook--operator)) t)
        (t (save-excursion (and (hook--previous-line) (hook--open-p))))))

(defun hook--open-p ()
  "Whether the line at point ends in a sign that a value must follow."
  (end-of-line)
  (let ((state (save-excursion (syntax-ppss))))
    (when (nth 4 state)
      (goto-char (nth 8 state))))
  (skip-chars-backward " \t")
  (looking-back "[^-=!<>]=\\|->\\|&&\\|||\\|[-+*%:!]\\|[=!<>]=\\| [?<>]" (max (line-beginning-position) (- (point) 2))))

(defun hook--base (opener)
  "The indentation that the closing bracket of OPENER gets."
  (save-excursion
    (goto-char opener)
    (let ((block (eq (char-after) ?{)))
      (back-to-indentation)
      ;; The line may begin inside brackets that it closes: `) when x {'.
      (if (and block (looking-at (regexp-opt '("when" "after" "for" "with") 'symbols)))
          (- (current-column) hook-indent-offset)
        (current-column)))))

(defun hook--indentation ()
  "The column of the line at point, or nil to leave it alone."
  (save-excursion
    (back-to-indentation)
    (let* ((state (save-excursion (syntax-ppss (line-beginning-position))))
           (opener (nth 1 state))
           (inside (if opener (+ (hook--base opener) hook-indent-offset) 0)))
      (cond ((nth 3 state) nil)
            ((looking-at "[])}]") (if opener (hook--base opener) 0))
            ;; A comment stands like what follows it.
            ((and (looking-at "//") (zerop (forward-line 1)) (not (eobp)))
             (back-to-indentation)
             (while (and (or (looking-at "//") (eolp)) (zerop (forward-line 1)) (not (eobp)))
               (back-to-indentation))
             (if (and (eq opener (nth 1 (save-excursion (syntax-ppss (line-beginning-position))))) (not (looking-at "[])}]\\|$")))
                 (hook--indentation)
               inside))
            ((not (hook--goes-on-p)) inside)
            ((looking-at hook--operator) (hook--operator-indentation inside))
            (t (+ inside hook-indent-offset))))))

(defun hook--operator-indentation (inside)
  "The column of a line with an operator first, in an entry that begins at INSIDE."
  (save-excursion
    (if (looking-at "->")
        (+ inside hook-indent-offset)
      (hook--previous-line)
      (cond ((looking-at hook--operator) (current-column))
            ((looking-at hook--clause) (+ (current-column) hook-indent-offset))
            (t (+ inside hook-indent-offset))))))

(defun hook-indent-line ()
  "Indent the line at point."
  (interactive)
  (let ((column (hook--indentation)))
    (if (null column)
        'noindent
      (if (<= (current-column) (current-indentation))
          (indent-line-to column)
        (save-excursion (indent-line-to column))))))

;;;; The mode

(defconst hook--index
  (let ((items '("component" "agent" "condition" "job" "hook" "enum" "record" "const" "connection" "profile"))
        (name "[ \t]+\\([[:alnum:]_]+\\)"))
    `((nil ,(concat "^" (regexp-opt items) name) 1)
      ("Ops" ,(concat "^[ \t]+op" name) 1)))
  "What `imenu' lists.")

;;;###autoload
(define-derived-mode hook-mode prog-mode "Hook"
  "Editing files of the Hook language."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+[ \t]*")
  (setq-local comment-end "")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'hook-indent-line)
  (setq-local electric-indent-chars (append "{}()[]" electric-indent-chars))
  (setq-local syntax-propertize-function #'hook--syntax-propertize)
  (add-hook 'syntax-propertize-extend-region-functions #'syntax-propertize-multiline nil t)
  (setq-local font-lock-defaults '(hook-font-lock-keywords))
  (setq-local imenu-generic-expression hook--index))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.hook\\'" . hook-mode))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '((hook-mode) . ("hookc" "lsp"))))

(provide 'hook-mode)

;;; hook-mode.el ends here
