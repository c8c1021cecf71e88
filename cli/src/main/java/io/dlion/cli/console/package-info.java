/** Where commands write to, which version writes, and how Ctrl-C stops them. */
@NullMarked
package io.dlion.cli.console;

import org.jspecify.annotations.NullMarked;
