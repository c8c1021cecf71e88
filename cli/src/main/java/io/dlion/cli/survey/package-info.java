/** Measuring the machines and lines of a cluster before it trains, for the emulator. */
@NullMarked
package io.dlion.cli.survey;

import org.jspecify.annotations.NullMarked;
