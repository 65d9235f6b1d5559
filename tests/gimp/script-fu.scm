; SPDX-License-Identifier: GPL-3.0-or-later
; The plug-in called from Script-Fu, the way an album is worked through: named arguments, the
; new layer as the answer, a failure that a script can catch.

(define tap (open-output-file (getenv "HEIRLOOM_TAP")))
(define count 0)

(define (case-line name passed)
  (set! count (+ count 1))
  (display (string-append (if passed "ok " "not ok ") (number->string count) " - " name "\n")
           tap))

(define (drawn-image type)
  (let* ((image (car (gimp-image-new 60 50 type)))
         (layer (car (gimp-layer-new image "Grandma" 60 50
                                     (if (= type RGB) RGBA-IMAGE GRAY-IMAGE) 100
                                     LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer 0 0)
    (gimp-context-set-foreground '(200 120 40))
    (gimp-drawable-fill layer FILL-FOREGROUND)
    (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 20 15 9 12)
    (gimp-context-set-foreground '(0 0 255))
    (gimp-drawable-edit-fill layer FILL-FOREGROUND)
    (list image layer)))

(define (check type name)
  (let* ((drawn (drawn-image type))
         (image (car drawn))
         (layer (cadr drawn))
         (new (car (plug-in-heirloom-restore #:run-mode RUN-NONINTERACTIVE
                                             #:image image
                                             #:drawables (vector layer)
                                             #:iterations 2
                                             #:auto-noise FALSE
                                             #:noise-level 1.5
                                             #:deblur "none"
                                             #:blur-radius 1.0
                                             #:memory-limit 500
                                             #:seed 3))))
    (case-line (string-append name ": the new layer is returned and named")
               (string=? (car (gimp-item-get-name new)) "Restored: Grandma"))
    (case-line (string-append name ": it is the top one of two")
               (let ((layers (car (gimp-image-get-layers image))))
                 (and (= (vector-length layers) 2) (= (vector-ref layers 0) new))))
    (case-line (string-append name ": outside the selection the pixel is the same")
               (equal? (gimp-drawable-get-pixel new 5 5) (gimp-drawable-get-pixel layer 5 5)))
    (case-line (string-append name ": inside it is another")
               (not (equal? (gimp-drawable-get-pixel new 24 20)
                            (gimp-drawable-get-pixel layer 24 20))))
    (gimp-image-delete image)))

(check RGB "colour")
(check GRAY "gray")

(let* ((drawn (drawn-image RGB))
       (image (car drawn))
       (refused #f))
  (gimp-selection-none image)
  (catch (set! refused #t)
    (plug-in-heirloom-restore #:run-mode RUN-NONINTERACTIVE #:image image
                              #:drawables (vector (cadr drawn)) #:find "off"))
  (case-line "nothing selected fails" refused)
  (case-line "and adds no layer"
             (= (vector-length (car (gimp-image-get-layers image))) 1))
  (gimp-image-delete image))

(display (string-append "1.." (number->string count) "\n") tap)
(close-output-port tap)
