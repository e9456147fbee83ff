"""The lecture that the lessons teach, one line a sentence in our own words, and the lesson that owes each.

A notebook's metadata says which sentences it covers: "lecture": ["S12", "S13"].
"""

_GISTS = """
    how a simple recurrent network computes, and how backpropagation trains it
    recurrence as an idea was introduced before
    a sequence is read one element after the other
    x_t goes in at step t, and a prediction ŷ_t may come out at each
    one architecture serves many tasks
    language model: word vectors in, at each step a distribution over the vocabulary for the word that follows
    generating: draw a word from that distribution and feed it back as the next input
    tagging parts of speech is a second task for the same network
    tagging gives every word of a text its word class
    the tagger's inputs are the language model's; what differs is its output
    tagger: at each step a distribution over the tags, for the word just read
    what sits inside the recurrent box is left open, and may be anything from small to large
    we fill the box with the plainest network there is
    that is: a single hidden layer
    the hidden vector has two readers: the output of its own step and the hidden vector of the next
    the forward equations look like those of any feedforward network
    each layer applies a nonlinear f to a linear combination of what enters it
    all steps use one and the same set of weights and biases
    drawing one copy of the network for each step is called unfolding
    the alternative drawing is compact: one copy only
    the compact drawing fits every sequence length
    the unfolded one needs a length; the compact one has a loop, and a loop gives no recipe for training
    so whatever is about training uses the unfolded drawing
    now the subject is training
    the network to train is the unfolded one
    training starts from data
    every step has a known answer y_t and its own loss L_t; the total loss L is their sum
    with network, data and loss in hand: what comes next?
    gradients, by backpropagation
    backpropagation goes through the network twice: forward, then backward
    forward: hidden states, predictions and losses are computed and kept
    backward: the derivative of L by each weight matrix and each bias
    in a feedforward network gradients travel one way only, down through the layers
    with sequences they travel sideways too: from a step to the one before
    hence the name: backpropagation through time
    the sharing of parameters has a consequence here
    the gradient of a shared parameter is a sum over the time steps
    first example: the gradient by the output matrix U
    it, too, is a sum over the steps' losses
    for one step's loss, the ordinary chain rule is enough
    two factors: one given by the loss, and one that is simple, since ŷ_t meets U in just one place
    the second example is harder
    it is the gradient by the recurrent matrix W
    the beginning is as before
    sum over the losses; but h_t meets W twice: directly, and again through h_{t-1}, which was made with W
    so the plain chain rule falls short, and the total derivative takes its place
    with it, the gradient by W can be written out in full
    its innermost sum starts with the direct effect of W on h_t at step t
    then come the effect one step back, two steps back, down to the first step
    so loss t gets one contribution from the use of W at each step k up to t
    contribution k has to travel the way from h_t back to h_k
    that way is a product of Jacobians, one for each step between neighbouring states
    two matrices are done: U and W
    for U the way was vertical, through layers only
    for W it was vertical and horizontal, through layers and time
    V is left, and is yours to think about
    does its gradient need the way back through time?
    it does, as W's did: h_t depends on V in more than one place
    every earlier hidden state was made with V as well, so its gradient goes back in time
    time to look back on the whole
    what is known by now: what a simple recurrent network is, and how BPTT trains it
    BPTT is ordinary backpropagation on the unfolded network, under a grander name
    what makes such training hard comes next
"""
GISTS = {f"S{i}": gist.strip() for i, gist in enumerate(_GISTS.strip().splitlines(), 1)}


def span(first, last):
    return {f"S{i}" for i in range(first, last + 1)}


# lesson -> the sentences that it owes; it may cover others too
DUE = {
    "00": span(1, 2), "01": span(3, 11), "02": span(12, 25), "03": span(15, 18) | span(30, 31), "04": span(24, 28),
    "05": span(28, 37), "06": span(38, 41), "07": span(42, 52), "08": {"S35", "S61"}, "09": span(53, 59),
    "13": {"S63"}, "14": span(6, 7), "15": span(8, 11), "17": span(60, 62),
}
