/** What a run is observed with: reports handed on, memory counted. */
@NullMarked
package io.dlion.monitor;

import org.jspecify.annotations.NullMarked;
