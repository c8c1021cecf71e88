/** The commands that need no package of their own; the others stand beside what they do. */
@NullMarked
package io.dlion.cli.command;

import org.jspecify.annotations.NullMarked;
