/** The dlion commands and job files. */
@NullMarked
package io.dlion.cli;

import org.jspecify.annotations.NullMarked;
