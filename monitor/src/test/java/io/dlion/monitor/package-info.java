/** Tests of run folders, metrics and progress. */
@NullMarked
package io.dlion.monitor;

import org.jspecify.annotations.NullMarked;
