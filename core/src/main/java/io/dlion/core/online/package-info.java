/** A node that learns from a stream: how it judges itself, notices change, and tells its age. */
@NullMarked
package io.dlion.core.online;

import org.jspecify.annotations.NullMarked;
