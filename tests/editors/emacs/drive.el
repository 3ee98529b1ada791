;;; drive.el --- What Eglot sees of a project  -*- lexical-binding: t; -*-

;;; Commentary:

;; Run inside Emacs by ../run.py: does what the plan asks with Eglot, and writes down what it sees.
;; Then it stays until it is killed.

;;; Code:

(dolist (folder (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa-src/*"))
  (add-to-list 'load-path folder))
(require 'eglot)
(require 'flymake)
(require 'json)
(require 'hook-mode)

(setq backup-inhibited t
      create-lockfiles nil
      auto-save-default nil
      eglot-sync-connect 20
      eglot-connect-timeout 20
      ;; Changes are sent one by one, not what is left of them after a while.
      eglot-send-changes-idle-time 0
      flymake-no-changes-timeout 0.1)

(defvar drive--plan
  (let ((json-object-type 'alist) (json-array-type 'list) (json-key-type 'symbol))
    (json-read-file (getenv "PLAN"))))

(defvar drive--told nil "When diagnostics were last told.")

(defun drive--note (_server method &rest _)
  "Remember when METHOD told diagnostics."
  (when (eq method 'textDocument/publishDiagnostics)
    (setq drive--told (float-time))))

(advice-add 'eglot-handle-notification :after #'drive--note)

(defun drive--get (key &optional from)
  "The value of KEY in FROM, or in the plan."
  (alist-get key (or from drive--plan)))

(defun drive--open (file)
  "Visit FILE of the project, with the server."
  (find-file (expand-file-name file (drive--get 'root)))
  (unless (eglot-managed-p)
    (apply #'eglot (list '(hook-mode) (project-current) 'eglot-lsp-server '("hookc" "lsp") "hook")))
  ;; Eglot sends changes when Emacs is idle, which it never is here.
  (eglot--signal-textDocument/didChange)
  (unless flymake-mode (flymake-mode 1)))

(defun drive--go (asked)
  "Put point behind the first place of the text that ASKED names."
  (drive--open (drive--get 'file asked))
  (goto-char (point-min))
  (search-forward (drive--get 'after asked)))

(defun drive--settle ()
  "Wait until nothing has been told for a while."
  (eglot--signal-textDocument/didChange)
  (setq drive--told (float-time))
  (let ((quiet (/ (drive--get 'quiet_ms) 1000.0)))
    (while (< (- (float-time) drive--told) quiet)
      (accept-process-output nil 0.05))))

(defun drive--text ()
  "The text of the buffer."
  (save-restriction (widen) (buffer-substring-no-properties (point-min) (point-max))))

(defun drive--place (position)
  "Line and character of POSITION, from 0."
  (save-excursion
    (goto-char position)
    (vector (1- (line-number-at-pos)) (- (point) (line-beginning-position)))))

(defun drive--diagnostics ()
  "What Flymake shows, at the places where Eglot puts it."
  (flymake-start)
  (vconcat
   (mapcar
    (lambda (shown)
      (let* ((told (alist-get 'eglot-lsp-diag (flymake-diagnostic-data shown)))
             (range (plist-get told :range)))
        `((code . ,(plist-get told :code))
          (severity . ,(pcase (flymake-diagnostic-type shown)
                         ('eglot-error "error") ('eglot-warning "warning") (_ "info")))
          (from . ,(drive--place (eglot--lsp-position-to-point (plist-get range :start))))
          (to . ,(drive--place (eglot--lsp-position-to-point (plist-get range :end)))))))
    (flymake-diagnostics))))

(defun drive--hover ()
  "What is shown of the thing at point."
  (let ((answer (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams))))
    (substring-no-properties (eglot--format-markup (plist-get answer :contents)))))

(defun drive--completion ()
  "What can be written at point."
  (pcase-let ((`(,_start ,_end ,table . ,_) (eglot-completion-at-point)))
    (vconcat (mapcar #'substring-no-properties (all-completions "" table)))))

(defun drive--locations (matches)
  "Where MATCHES lead to."
  (vconcat
   (mapcar
    (lambda (match)
      (let ((marker (xref-location-marker (xref-item-location match))))
        (with-current-buffer (marker-buffer marker)
          `((file . ,buffer-file-name) (at . ,(drive--place marker))))))
    matches)))

(defun drive--each (key answer)
  "What ANSWER says at every place of KEY."
  (vconcat (mapcar (lambda (asked) (drive--go asked) (funcall answer)) (drive--get key))))

(defun drive--texts (asked)
  "The texts of the files that ASKED speaks of."
  (mapcar
   (lambda (file)
     (drive--open (symbol-name (car file)))
     (cons (car file) (drive--text)))
   (drive--get 'lines asked)))

(defun drive--act ()
  "Choose an action at point."
  (let ((asked (drive--get 'action)))
    (drive--go asked)
    (let* ((is-it (lambda (action) (equal (plist-get action :title) (drive--get 'title asked))))
           (actions (eglot-code-actions (point) (point)))
           (action (cl-find-if is-it actions)))
      (unless action (error "There is no such action, but %S" actions))
      (eglot--apply-workspace-edit (plist-get action :edit)))
    (drive--texts asked)))

(defun drive--rename ()
  "Give the name at point another one."
  (let ((asked (drive--get 'rename)))
    ;; Eglot asks before it changes files that are not open.
    (dolist (file (drive--get 'lines asked)) (drive--open (symbol-name (car file))))
    (drive--go asked)
    (eglot-rename (drive--get 'to asked))
    (drive--texts asked)))

(defun drive--format ()
  "The text after formatting."
  (drive--open (drive--get 'file (drive--get 'formatting)))
  (eglot-format-buffer)
  (drive--text))

(defun drive--edit (change)
  "Do what CHANGE says, and wait until diagnostics are told.
Eglot 1.9 never ends when those of an older text begin inside of a character of the newer one."
  (let ((from (1+ (drive--get 'offset (drive--get 'from change))))
        (to (1+ (drive--get 'offset (drive--get 'to change))))
        (end (+ (float-time) 5)))
    (goto-char from)
    (delete-region from to)
    (insert (drive--get 'text change))
    (setq drive--told nil)
    (eglot--signal-textDocument/didChange)
    (while (and (not drive--told) (< (float-time) end))
      (accept-process-output nil 0.01))))

(defun drive--type (series)
  "Type SERIES and tell the diagnostics in the end."
  (drive--open (drive--get 'file series))
  (mapc #'drive--edit (drive--get 'edits series))
  (drive--settle)
  (let ((require-final-newline nil)) (save-buffer))
  (drive--settle)
  (drive--diagnostics))

(defun drive--all ()
  "Everything that is seen."
  (drive--open (drive--get 'file (drive--get 'diagnostics)))
  (drive--settle)
  `((units . "characters")
    (diagnostics . ,(drive--diagnostics))
    (hover . ,(drive--each 'hover #'drive--hover))
    (completion . ,(drive--each 'completion #'drive--completion))
    (definition . ,(drive--each 'definition (lambda () (drive--locations (xref-backend-definitions 'eglot "")))))
    (references . ,(drive--each 'references (lambda () (drive--locations (xref-backend-references 'eglot "")))))
    (action . ,(drive--act))
    (rename . ,(drive--rename))
    (formatting . ,(drive--format))
    (typing . ,(vconcat (mapcar #'drive--type (drive--get 'series))))))

(let* ((seen (condition-case failure (drive--all) (error `((failed . ,(format "%S" failure))))))
       (part (concat (getenv "SEEN") ".part"))
       (coding-system-for-write 'utf-8-unix))
  (with-temp-file part (insert (json-serialize seen)))
  (rename-file part (getenv "SEEN") t)
  (while t (accept-process-output nil 1)))

;;; drive.el ends here
