/** A run's settings as typed rules, resolved and checked once. */
@NullMarked
package io.dlion.core.strategy;

import org.jspecify.annotations.NullMarked;
