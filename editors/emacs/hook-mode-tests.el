;;; hook-mode-tests.el --- Tests of hook-mode  -*- lexical-binding: t; -*-

;;; Commentary:

;; emacs -Q --batch -L editors/emacs -l hook-mode-tests -f ert-run-tests-batch-and-exit
;; Emacs 28 needs the folders of Eglot too, each with its own -L.

;;; Code:

(require 'ert)
(require 'hook-mode)

(defconst hook-tests--project
  (file-name-as-directory (expand-file-name "../.." (file-name-directory (or load-file-name buffer-file-name)))))

(defun hook-tests--files ()
  "Files in the one canonical form."
  (append (file-expand-wildcards (concat hook-tests--project "grammar/tests/fixtures/fmt/*.out.hook"))
          (file-expand-wildcards (concat hook-tests--project "examples/*/?*.hook"))
          (file-expand-wildcards (concat hook-tests--project "compiler/std/*.hook"))))

(defmacro hook-tests--with (text &rest body)
  "Run BODY in a buffer that holds TEXT."
  (declare (indent 1))
  `(with-temp-buffer
     (insert ,text)
     (hook-mode)
     (font-lock-ensure)
     (goto-char (point-min))
     ,@body))

(defun hook-tests--lines ()
  "The lines of the buffer."
  (split-string (buffer-substring-no-properties (point-min) (point-max)) "\n"))

(defun hook-tests--face (text)
  "The colour of TEXT at its first place."
  (goto-char (point-min))
  (search-forward text)
  (get-text-property (match-beginning 0) 'face))

(ert-deftest hook-indentation-keeps-the-canonical-form ()
  (let ((files (hook-tests--files)))
    (should (> (length files) 8))
    (dolist (file files)
      (let ((text (with-temp-buffer (insert-file-contents file) (buffer-string))))
        (hook-tests--with text
          (indent-region (point-min) (point-max))
          (should (equal (cons file (hook-tests--lines)) (cons file (split-string text "\n")))))))))

(ert-deftest hook-indentation-is-found-again ()
  "What the indentation was before does not matter, but inside texts."
  (hook-tests--with "job j() {\nop a = f(\nx: 1,\n)\nwhen x\nafter b {\nretry 1\n}\n}\nconst c =\n1\n"
    (indent-region (point-min) (point-max))
    (should (equal (buffer-string)
                   "job j() {\n  op a = f(\n    x: 1,\n  )\n    when x\n    after b {\n    retry 1\n  }\n}\nconst c =\n  1\n"))))

(ert-deftest hook-strings-end-where-they-end ()
  (hook-tests--with "const a = \"x ${f(\"}\")} \\\" \" + b\nconst c = r\"\\\" + d\nconst e = \"\"\"\n\" } //\n\"\"\" + f // \"\nconst g = h\n"
    (dolist (name '("b" "d" "f" "h"))
      (goto-char (point-min))
      (re-search-forward (concat "[+=] \\(" name "\\)\\_>"))
      (let ((state (syntax-ppss (match-beginning 1))))
        (should-not (or (nth 3 state) (nth 4 state)))))
    (search-backward "//")
    (should-not (nth 3 (syntax-ppss)))))

(ert-deftest hook-colours ()
  (hook-tests--with "/// Fits.\ncomponent train(lr: float) { exec [\"a\"] }\njob j() {\n  on failed when op.attempt > 1 run f() // x\n}\n"
    (should (eq (hook-tests--face "/// Fits") 'font-lock-doc-face))
    (should (eq (hook-tests--face "component") 'font-lock-keyword-face))
    (should (eq (hook-tests--face "train") 'font-lock-function-name-face))
    (should (eq (hook-tests--face "float") 'font-lock-type-face))
    (should (eq (hook-tests--face "exec") 'font-lock-keyword-face))
    (should (eq (hook-tests--face "\"a\"") 'font-lock-string-face))
    (should (eq (hook-tests--face "failed") 'font-lock-constant-face))
    (should (eq (hook-tests--face "when") 'font-lock-keyword-face))
    (should (eq (hook-tests--face "op.") 'font-lock-builtin-face))
    (should (eq (hook-tests--face "run") 'font-lock-keyword-face))))

(ert-deftest hook-eglot-knows-the-server ()
  (require 'eglot)
  (should (equal (cdr (assoc '(hook-mode) eglot-server-programs)) '("hookc" "lsp"))))

(provide 'hook-mode-tests)
;;; hook-mode-tests.el ends here
