/** libtorch behind the small Learner interface: models, gradients, evaluation, export. */
@NullMarked
package io.dlion.engine;

import org.jspecify.annotations.NullMarked;
