/** The program: its table of commands, and what it says when one fails. */
@NullMarked
package io.dlion.cli;

import org.jspecify.annotations.NullMarked;
