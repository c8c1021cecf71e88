/** The methods of the family with a server: what they compute, without clocks or messages. */
@NullMarked
package io.dlion.core.server.method;

import org.jspecify.annotations.NullMarked;
