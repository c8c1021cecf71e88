/** The streams of a job's workers: their data, their sources, and what lies in the run's folder. */
@NullMarked
package io.dlion.cli.stream;

import org.jspecify.annotations.NullMarked;
