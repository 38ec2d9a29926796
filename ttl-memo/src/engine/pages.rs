//! Something for each slot that is in use, in pages that come and go.

/// Slots whose items are kept together, and given back together.
const PAGE: usize = 64;

/// Items by slot; a page none of whose slots is in use is not there.
#[derive(Clone, Debug)]
pub(crate) struct Pages<T> {
    pages: Vec<Option<Box<Page<T>>>>,
    /// One that was used, for the next that is needed.
    spare: Option<Box<Page<T>>>,
}

#[derive(Clone, Debug)]
struct Page<T> {
    items: [T; PAGE],
    /// How many of its slots are in use.
    used: usize,
}

#[inline]
fn place(slot: u32) -> (usize, usize) {
    (slot as usize / PAGE, slot as usize % PAGE)
}

impl<T: Copy> Pages<T> {
    pub(crate) const NONE: Self = Self { pages: Vec::new(), spare: None };

    /// Begins to use a slot. `nothing` stands in for those that are not in use.
    #[inline]
    pub(crate) fn enter(&mut self, slot: u32, item: T, nothing: T) {
        let (at, within) = place(slot);
        let page = match self.pages.get_mut(at) {
            Some(Some(page)) => page,
            _ => self.add_page(at, nothing),
        };
        page.items[within] = item;
        page.used += 1;
    }

    /// Ends the use of a slot that is in use, in which `nothing` stands from now on; its item.
    #[inline]
    pub(crate) fn leave(&mut self, slot: u32, nothing: T) -> T {
        let (at, within) = place(slot);
        let page = self.pages[at].as_mut().expect("the page of a slot in use");
        let item = std::mem::replace(&mut page.items[within], nothing);
        page.used -= 1;
        if page.used == 0 {
            self.give_back(at);
        }
        item
    }

    /// Ends the use of a slot unless `nothing` stands in it; its item.
    #[inline]
    pub(crate) fn leave_if_used(&mut self, slot: u32, nothing: T) -> Option<T>
    where
        T: PartialEq,
    {
        let (at, within) = place(slot);
        let page = self.pages.get_mut(at)?.as_mut()?;
        let item = std::mem::replace(&mut page.items[within], nothing);
        if item == nothing {
            return None;
        }
        page.used -= 1;
        if page.used == 0 {
            self.give_back(at);
        }
        Some(item)
    }

    /// A slot's item, or what stands in for it; none if its whole page is not there.
    #[inline]
    pub(crate) fn get(&self, slot: u32) -> Option<T> {
        let (at, within) = place(slot);
        Some(self.pages.get(at)?.as_ref()?.items[within])
    }

    /// The item of a slot that is in use.
    #[inline]
    pub(crate) fn of(&self, slot: u32) -> T {
        let (at, within) = place(slot);
        self.pages[at].as_ref().expect("the page of a slot in use").items[within]
    }

    /// The item of a slot that is in use.
    #[inline]
    pub(crate) fn of_mut(&mut self, slot: u32) -> &mut T {
        let (at, within) = place(slot);
        &mut self.pages[at].as_mut().expect("the page of a slot in use").items[within]
    }

    /// Gives back what is kept for slots to come.
    pub(crate) fn shrink(&mut self) {
        self.spare = None;
        if self.pages.len() < self.pages.capacity() / 4 {
            self.pages.shrink_to_fit();
        }
    }

    #[cold]
    fn add_page(&mut self, at: usize, nothing: T) -> &mut Page<T> {
        if at >= self.pages.len() {
            // An eighth more at a time, not twice.
            if at >= self.pages.capacity() {
                self.pages.reserve_exact(at + 1 + at / 8 - self.pages.len());
            }
            self.pages.resize_with(at + 1, || None);
        }
        let new = || Box::new(Page { items: [nothing; PAGE], used: 0 });
        self.pages[at].insert(self.spare.take().unwrap_or_else(new))
    }

    /// Takes away a page of which no slot is in use.
    #[cold]
    fn give_back(&mut self, at: usize) {
        self.spare = self.pages[at].take();
        while self.pages.last().is_some_and(Option::is_none) {
            self.pages.pop();
        }
        if self.pages.is_empty() {
            self.pages = Vec::new();
        }
    }
}

#[cfg(test)]
impl<T: Copy> Pages<T> {
    /// No slot from here on is in use.
    pub(crate) fn slots(&self) -> usize {
        self.pages.len() * PAGE
    }

    /// Recounts what is in use.
    pub(crate) fn validate(&self, is_used: impl Fn(&T) -> bool) {
        for page in self.pages.iter().flatten() {
            let used = page.items.iter().filter(|item| is_used(item)).count();
            assert_eq!(page.used, used, "a page knows how many of its slots are in use");
            assert!(used > 0, "one that has none is given back");
        }
    }

    /// Bytes on the heap.
    pub(crate) fn heap(&self) -> usize {
        let pages = self.pages.iter().chain([&self.spare]).flatten().count();
        pages * size_of::<Page<T>>() + self.pages.capacity() * size_of::<usize>()
    }
}
