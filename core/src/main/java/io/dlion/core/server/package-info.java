/**
 * The family with a server: every member can serve, one does; the others train and commit to it.
 */
@NullMarked
package io.dlion.core.server;

import org.jspecify.annotations.NullMarked;
