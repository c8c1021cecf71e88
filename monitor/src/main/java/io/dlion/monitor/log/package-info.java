/** The metrics of a run as lines of JSON. */
@NullMarked
package io.dlion.monitor.log;

import org.jspecify.annotations.NullMarked;
