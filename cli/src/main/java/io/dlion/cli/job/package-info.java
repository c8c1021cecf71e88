/** What one training run is to do: read from flags and job files, checked, written down. */
@NullMarked
package io.dlion.cli.job;

import org.jspecify.annotations.NullMarked;
