/** What holds of a run wherever it takes place: emulated, in one process, or over TCP. */
@NullMarked
package io.dlion.cli.runtime;

import org.jspecify.annotations.NullMarked;
