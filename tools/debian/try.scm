; SPDX-License-Identifier: GPL-3.0-or-later
; Run in GIMP by tools/package-debian: mends a drawn picture with the plug-in that is installed,
; and saves what the program for the shell is to mend next.
(let* ((image (car (gimp-image-new 96 64 RGB)))
       (layer (car (gimp-layer-new image "Photo" 96 64 RGB-IMAGE 100 LAYER-MODE-NORMAL))))
  (gimp-image-insert-layer image layer 0 0)
  (gimp-drawable-fill layer FILL-WHITE)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 30 20 12 9)
  (plug-in-heirloom-restore #:run-mode RUN-NONINTERACTIVE #:image image #:drawables (vector layer))
  (if (not (= 2 (vector-length (car (gimp-image-get-layers image)))))
      (error "there is no new layer"))
  (gimp-selection-none image)
  (gimp-file-save RUN-NONINTERACTIVE image "/tmp/photo.png")
  (gimp-image-delete image))
