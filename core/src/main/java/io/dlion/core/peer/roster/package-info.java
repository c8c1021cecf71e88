/** What a worker knows of its peers and of its own progress. */
@NullMarked
package io.dlion.core.peer.roster;

import org.jspecify.annotations.NullMarked;
