/** The family without a server: every worker trains and exchanges with its peers. */
@NullMarked
package io.dlion.core.peer;

import org.jspecify.annotations.NullMarked;
