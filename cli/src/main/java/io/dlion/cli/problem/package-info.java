/** Data, model and examples of a job, opened. */
@NullMarked
package io.dlion.cli.problem;

import org.jspecify.annotations.NullMarked;
