/** What is asked of a model: the loss it learns by, and how its predictions are scored. */
@NullMarked
package io.dlion.engine.task;

import org.jspecify.annotations.NullMarked;
