document.title = 'Sideplan';
