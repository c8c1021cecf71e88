/** Models and checkpoints as files in a run folder. */
@NullMarked
package io.dlion.cli.checkpoint;

import org.jspecify.annotations.NullMarked;
