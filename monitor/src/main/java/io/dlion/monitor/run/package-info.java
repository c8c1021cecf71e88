/** The folder of a run: its files, its lock, its result, where it came from. */
@NullMarked
package io.dlion.monitor.run;

import org.jspecify.annotations.NullMarked;
