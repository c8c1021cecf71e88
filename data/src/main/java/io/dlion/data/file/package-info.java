/** What lies on the disk: folders, files, names, and what of it is left out. */
@NullMarked
package io.dlion.data.file;

import org.jspecify.annotations.NullMarked;
