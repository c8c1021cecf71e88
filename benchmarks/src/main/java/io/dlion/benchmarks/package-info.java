/** JMH and whole-system benchmarks; not shipped. */
@NullMarked
package io.dlion.benchmarks;

import org.jspecify.annotations.NullMarked;
